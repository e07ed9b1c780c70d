r"""Formulas as MathML whose terms can be pointed at: the part of LaTeX that our lessons use."""

from html import escape

from sslviz.methods.terms import marked

# fmt: off
SYMBOLS = {
    "ell": "ℓ", "tau": "τ", "theta": "θ", "xi": "ξ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "epsilon": "ϵ", "sigma": "σ", "top": "⊤",
}
OPERATORS = {
    "sum": "∑", "ne": "≠", "in": "∈", "cdot": "⋅", "mid": "∣", "odot": "⊙", "leftarrow": "←",
    "lVert": "‖", "rVert": "‖",
}
WORDS = {"log": "log", "exp": "exp", "arg": "arg", "max": "max"}
THIN = '<mspace width="0.17em"></mspace>'
LETTERS = {"mathcal": {"L": "ℒ"}, "mathbb": {"E": "𝔼"}}
# fmt: on
UPRIGHT = '<mi class="upright" mathvariant="normal">{}</mi>'


def mathml(latex: str, terms: list[tuple[str, ...]]) -> str:
    r"""`<math>` elements, one a statement (they end at `\quad`).

    Term i is an `<mrow data-term="i">` that takes the keyboard's focus.
    """
    statements: list[list[str]] = [[]]
    for token in marked(latex, terms):
        if token in ("\\quad", "\\qquad"):
            statements.append([])
        else:
            statements[-1].append(token)
    return "".join(f'<math display="block">{_whole(line)}</math>' for line in statements)


def _whole(line: list[str]) -> str:
    line = line[:-1] if line and line[-1] == "," else line
    row, place = _row(line, 0)
    if place != len(line):
        raise ValueError(f"a brace closes nothing before {''.join(line[place:])}")
    return row


def _row(line: list[str], place: int) -> tuple[str, int]:
    """Everything up to a closing brace or the end."""
    done: list[str] = []
    while place < len(line) and line[place] != "}":
        base, place = _one(line, place)
        below = above = ""
        primes = ""
        while place < len(line) and line[place] in ("_", "^", "'"):
            if line[place] == "'":
                primes, place = primes + "<mo>′</mo>", place + 1
            elif line[place] == "_":
                below, place = _one(line, place + 1)
            else:
                above, place = _one(line, place + 1)
        done.append(_scripted(base, below, primes + above))
    return "".join(done), place


def _scripted(base: str, below: str, above: str) -> str:
    names = ("munder", "mover", "munderover")
    if base not in ('<mo class="big">∑</mo>', UPRIGHT.format("max")):
        names = ("msub", "msup", "msubsup")
    above = f"<mrow>{above}</mrow>"
    if below and above != "<mrow></mrow>":
        return f"<{names[2]}>{base}{below}{above}</{names[2]}>"
    if below:
        return f"<{names[0]}>{base}{below}</{names[0]}>"
    return base if above == "<mrow></mrow>" else f"<{names[1]}>{base}{above}</{names[1]}>"


def _one(line: list[str], place: int) -> tuple[str, int]:
    """One symbol, command with its arguments, or group."""
    token, place = line[place], place + 1
    if token == "{":
        inside, place = _row(line, place)
        return f"<mrow>{inside}</mrow>", place + 1
    if token.startswith("\\term:"):
        inside, place = _row(line, place + 1)
        focus = f'class="term" data-term="{token[6:]}"'
        return f"<mrow {focus}>{inside}</mrow>", place + 1
    if token.startswith("\\text{"):
        return f"<mtext>{escape(token[6:-1]).replace(' ', '&nbsp;')}</mtext>", place
    name = token[1:]
    if token == "\\,":
        return THIN, place
    if token in ("\\frac", "\\tfrac"):
        top, place = _one(line, place)
        bottom, place = _one(line, place)
        small = ' displaystyle="false"' if token == "\\tfrac" else ""
        return f"<mfrac{small}>{top}{bottom}</mfrac>", place
    if token in ("\\bar", "\\hat"):
        under, place = _one(line, place)
        mark = {"bar": "¯", "hat": "^"}[name]
        return f'<mover accent="true">{under}<mo stretchy="false">{mark}</mo></mover>', place
    if name in ("mathcal", "mathbb", "mathrm") and token != name:
        word = "".join(line[place + 1 : line.index("}", place)])
        shown = LETTERS.get(name, {}).get(word, word)
        return UPRIGHT.format(shown), line.index("}", place) + 1
    if token in ("\\big", "\\Big"):
        size = "1.3em" if name == "big" else "1.9em"
        inner, place = _one(line, place)
        return inner.replace("<mo ", f'<mo style="font-size:{size}" ', 1), place
    return _symbol(token, name), place


def _symbol(token: str, name: str) -> str:
    if token.startswith("\\"):
        if name in SYMBOLS:
            return f"<mi>{SYMBOLS[name]}</mi>"
        if name in WORDS:
            return UPRIGHT.format(WORDS[name]) + (THIN if name in ("log", "arg") else "")
        if name in OPERATORS:
            kind = "big" if name == "sum" else "fence" if name.endswith("Vert") else "plain"
            return f'<mo class="{kind}">{OPERATORS[name]}</mo>'
        raise ValueError(f"{token} is not among the commands that formulas here may use.")
    if token.isdigit():
        return f"<mn>{token}</mn>"
    if token.isalpha():
        return f"<mi>{token}</mi>"
    sign = {"-": "−", "|": "|"}.get(token, token)
    return f'<mo class="fence" stretchy="false">{escape(sign)}</mo>'
