"""Names in zips and folders: every usual encoding, one composition, whoever packed them."""

import struct
import unicodedata
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sslviz.data.names import composed, decoded, is_junk, printable
from tests.data.made import folder, png, told

KOREAN = ["강아지", "고양이", "기차", "훈련용 사진", "토끼 (복사본)"]
JAPANESE = ["犬", "猫", "りんご", "バナナ", "表", "ソース", "能面", "予定表"]
CHINESE = ["老虎", "狮子", "熊猫", "长颈鹿"]
WESTERN = ["Müller", "señor", "café"]
HANGUL = [bytes((a, b)).decode("euc-kr") for a in range(0xB0, 0xC9) for b in range(0xA1, 0xFF)]
KANA = [chr(c) for c in (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7))]


def raw_zip(path, files):
    """`files`: name in bytes -> content. As a packer writes them that sets no UTF-8 flag."""
    with zipfile.ZipFile(path, "w") as file:
        for name, content in files.items():
            info = zipfile.ZipInfo("x" * len(name))
            file.writestr(info, content)
    data = path.read_bytes()
    for name in files:
        for header in (b"PK\x03\x04", b"PK\x01\x02"):
            at = data.index(b"x" * len(name), data.index(header))
            data = data[:at] + name + data[at + len(name) :]
    path.write_bytes(data)
    return path


def classes_in(load, tmp_path, names, encoding):
    files = {f"{name}/{k}.png".encode(encoding): png((k, k, 9)) for name in names for k in range(7)}
    # of equal lengths each name would be taken for another's: longest first
    files = dict(sorted(files.items(), key=lambda item: -len(item[0])))
    return load(raw_zip(tmp_path / "k.zip", files))


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (KOREAN, "cp949"),
        (KOREAN, "utf-8"),
        (JAPANESE, "cp932"),
        (JAPANESE, "utf-8"),
        (CHINESE, "gbk"),
        (WESTERN, "cp437"),
        (["똠방각하", "펲시콜라", "강아지"], "cp949"),
        (["강아지", "cat"], "cp949"),
        (["犬", "dog"], "cp932"),
    ],
)
def test_class_names_without_the_utf8_flag(load, tmp_path, names, encoding):
    data = classes_in(load, tmp_path, names, encoding)
    assert data.train.class_names == tuple(sorted(names))
    guessed = [] if encoding == "utf-8" else [f"The names in the zip were read as {encoding}."]
    assert list(map(str, data.notes)) == guessed


def test_a_second_byte_that_is_a_backslash_splits_nothing(load, tmp_path):
    assert b"\\" in "表".encode("cp932") and b"\\" in "ソ".encode("cp932")
    data = classes_in(load, tmp_path, ["表", "ソ"], "cp932")
    assert data.train.class_names == ("ソ", "表")


def test_windows_backslashes_between_folders_are_slashes(load, tmp_path):
    files = {f"{c}\\{k}.png".encode(): png((k, 9, 9)) for c in ("cat", "dog") for k in range(7)}
    assert load(raw_zip(tmp_path / "k.zip", files)).train.class_names == ("cat", "dog")


def test_a_name_that_is_valid_utf8_by_accident_is_read_like_its_neighbours():
    accident = "찾".encode("cp949")  # also two bytes of UTF-8
    assert accident.decode() and accident.decode() != "찾"
    names, page = decoded(["강아지".encode("cp949"), accident])
    assert names == ["강아지", "찾"] and page == "cp949"


def test_names_that_are_all_valid_utf8_by_accident_are_no_row_of_accents():
    accident = "치퐈".encode("cp949")
    assert accident.decode() == "ġǡ"
    assert decoded([accident]) == (["치퐈"], "cp949")
    assert decoded([accident, b"cat"]) == (["치퐈", "cat"], "cp949")
    for name in ("é", "Ωμέγα", "naïve", "øl", "дом", "ñandú"):
        assert decoded([name.encode()]) == ([name], "utf-8")


def test_utf8_beside_a_code_page_stays_utf8():
    names, page = decoded(["강아지".encode("cp949"), "고양이".encode(), "é".encode() * 3])
    assert names[:2] == ["강아지", "고양이"] and page == "cp949"


def test_the_extra_field_says_the_name_in_unicode(load, tmp_path):
    path = tmp_path / "k.zip"
    with zipfile.ZipFile(path, "w") as file:
        for plain, name in (("aaa", "강아지"), ("bbb", "고양이")):
            for k in range(7):
                info = zipfile.ZipInfo(f"{plain}/{k}.png")
                body = b"\1" + struct.pack("<I", zlib.crc32(info.filename.encode()))
                body += f"{name}/{k}.png".encode()
                info.extra = struct.pack("<HHB", 0x9999, 1, 0)
                info.extra += struct.pack("<HH", 0x7075, len(body)) + body
                file.writestr(info, png((k, 9, 9)))
    assert load(path).train.class_names == ("강아지", "고양이")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("packed", [True, False])
def test_names_are_composed(load, tmp_path, form, packed):
    names = [unicodedata.normalize(form, name) for name in ("강아지", "café")]
    if packed:
        data = classes_in(load, tmp_path, names, "utf-8")
    else:
        files = {f"{name}/{k}.png": png((k, 9, 9)) for name in names for k in range(7)}
        data = load(folder(tmp_path / "k", files))
    assert data.train.class_names == ("café", "강아지") and data.notes == ()


def test_a_test_class_in_another_composition_is_the_same_class(tmp_path, load):
    apart = unicodedata.normalize("NFD", "강아지")
    files = {f"train/강아지/{k}.png": png((k, 9, 9)) for k in range(9)}
    files |= {f"train/고양이/{k}.png": png((k, 99, 9)) for k in range(9)}
    files |= {f"test/{apart}/{k}.png": png((k, 9, 9)) for k in range(3)}
    data = load(folder(tmp_path / "k", files))
    assert len(data.test) == 3 and data.test.labels.tolist() == [0, 0, 0]
    assert told(data) == "There are no held-out images of these classes: 고양이."


def test_flagged_names_that_are_no_utf8_are_one_sentence(load, tmp_path):
    path = raw_zip(tmp_path / "k.zip", {b"\xb0\xad/1.png": png()})
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 9] |= 8
    path.write_bytes(data)
    with pytest.raises(ValueError, match="is not a readable zip"):
        load(path)


@given(st.lists(st.text(st.sampled_from(HANGUL), min_size=2, max_size=9), min_size=1, max_size=8))
@settings(max_examples=300)
def test_any_korean_names_come_back_from_cp949(names):
    assert decoded([name.encode("cp949") for name in names])[0] == names


@given(st.lists(st.text(st.sampled_from(KANA), min_size=2, max_size=9), min_size=1, max_size=8))
@settings(max_examples=300)
def test_any_kana_names_come_back_from_cp932(names):
    raws = [name.encode("cp932") for name in names]
    assert decoded(raws)[0] == names


def _written_by_somebody(name: str) -> bool:
    """Not a row of accented letters, which is more likely Korean in its code page."""
    return len(name) < 2 or not all("\x80" <= c <= "\u023f" for c in name)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"])).filter(_written_by_somebody), max_size=8
    )
)
def test_any_utf8_names_come_back(names):
    assert decoded([name.encode() for name in names]) == (names, "utf-8")


@given(st.lists(st.binary(max_size=20), max_size=8))
def test_any_bytes_become_some_names(raws):
    names, _ = decoded(raws)
    assert len(names) == len(raws) and all(isinstance(name, str) for name in names)


@given(st.text())
def test_composing_twice_is_composing_once(text):
    assert composed(composed(text)) == composed(text)
    assert printable(text).isprintable() and len(printable(text)) <= 80


@pytest.mark.parametrize("name", ["강아지", "train", "Thumbs", "eaDir", "lost and found", "icon"])
def test_a_class_is_no_junk(name):
    assert not is_junk(name)
