"""Nine tiles of an image, for jigsaw puzzles."""

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.streams import sent


def cut_tiles(x: Tensor, gap: float, generator: torch.Generator) -> Tensor:
    """N x C x S x S -> N x 9 x C x S/2 x S/2: a 3 x 3 grid, row by row, each tile enlarged.

    `gap` (0 to 0.5) is the share of a cell's side left out; where in its cell a tile lies is drawn
    anew for each, so that edges of neighbours do not continue each other.
    """
    n, side = len(x), x.shape[-1]
    cell = side // 3
    spare = round(gap * cell)
    width = cell - spare
    corner = torch.arange(3) * cell
    grid = torch.stack(torch.meshgrid(corner, corner, indexing="ij"), -1).view(9, 2)
    place = grid + torch.randint(spare + 1, (n, 9, 2), generator=generator)
    top, left = sent(place, x.device).unbind(-1)  # N x 9 each
    windows = x.unfold(2, width, 1).unfold(3, width, 1)  # N x C x . x . x width x width
    image = torch.arange(n, device=x.device)[:, None].expand(n, 9)
    cut = windows[image, :, top, left].flatten(0, 1)  # 9N x C x width x width
    return F.interpolate(cut, size=side // 2, mode="bilinear").unflatten(0, (n, 9))


def rearranged(tiles: Tensor, order: Tensor) -> Tensor:
    """N x 9 x ...: place p of image i shows its tile order[i, p] (order: N x 9)."""
    image = torch.arange(len(tiles), device=tiles.device)[:, None]
    return tiles[image, sent(order, tiles.device)]


def all_permutations(n: int) -> Tensor:
    """n! x n, bytes, in the order of a dictionary."""
    table = torch.zeros(1, 0, dtype=torch.uint8)
    for k in range(1, n + 1):
        first = torch.arange(k, dtype=torch.uint8).repeat_interleave(len(table))[:, None]
        rest = table.repeat(k, 1)
        table = torch.cat([first, rest + (rest >= first)], dim=1)
    return table


@cache
def distant_permutations(count: int) -> Tensor:
    """`count` x 9: permutations chosen one by one, each as unlike all earlier ones as can be.

    Unlike: the smallest Hamming distance to those chosen is largest, among all 9! = 362,880; of
    equals the first. The first 9 differ in all 9 places, 17 in at least 8, 93 in 7, 384 in 6 and
    1,000 in 5. Always the same list; it is shared, so copy it before you change it.
    """
    table = all_permutations(9)
    tiles = torch.arange(9, dtype=torch.uint8)[:, None]
    holds = [(place == tiles).byte() for place in table.T]  # 9 times 9 x 9!: tile t is at the place
    alike = torch.zeros(len(table), dtype=torch.uint8)  # most places shared with one of the chosen
    chosen = [0]
    for _ in range(count - 1):
        newest = table[chosen[-1]].tolist()
        shared = sum(at[t] for at, t in zip(holds, newest, strict=True))
        alike = torch.maximum(alike, torch.as_tensor(shared))
        chosen.append(int(alike.argmin()))
    return table[chosen].long()


def early_permutations(count: int) -> Tensor:
    """`count` x 9: the list of runs whose checkpoint holds none, chosen among a few random ones."""
    generator = torch.Generator().manual_seed(0)
    pool = torch.rand(2000 + 4 * count, 9, generator=generator).argsort(1)
    chosen = [0]
    nearest = (pool != pool[0]).sum(1)
    for _ in range(count - 1):
        chosen.append(int(nearest.argmax()))
        nearest = torch.minimum(nearest, (pool != pool[chosen[-1]]).sum(1))
    return pool[chosen]
