"""Which files are images, by name and, where the name does not tell, by their first bytes."""

from importlib.util import find_spec

from PIL import features

HEIC_READ = find_spec("pillow_heif") is not None
AVIF_READ = bool(features.check("avif"))
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "DIB", "PPM", "TIFF")  # Pillow's names
FORMATS += ("AVIF",) if AVIF_READ else ()
FORMATS += ("HEIF",) if HEIC_READ else ()
HEAD = 32  # bytes that tell a kind

_SUFFIXES = {
    "JPEG": "jpg jpeg jpe jfif jfi jif pjpeg pjp mpo",
    "PNG": "png apng",
    "WebP": "webp",
    "GIF": "gif",
    "BMP": "bmp dib",
    "PPM": "ppm pgm pbm pnm",
    "TIFF": "tif tiff",
    "AVIF": "avif avifs",
    "HEIC": "heic heics heif heifs hif",
    "JPEG XL": "jxl",
    "JPEG 2000": "jp2 j2k jpf jpx j2c",
    "SVG": "svg svgz",
    "Photoshop": "psd psb",
    "camera raw": "cr2 cr3 crw nef nrw arw dng orf rw2 raf pef srw raw",
    "DICOM": "dcm dicom",
    "OpenEXR": "exr",
    "Radiance HDR": "hdr",
    "TGA": "tga",
    "icon": "ico icns",
    "video": "mp4 mov avi mkv webm m4v wmv",
}
KINDS = {suffix: kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
READ = ["JPEG", "PNG", "WebP", "GIF", "BMP", "PPM", "TIFF"]
READ += (["AVIF"] if AVIF_READ else []) + (["HEIC"] if HEIC_READ else [])
FORMAT_WORDS = " or ".join((", ".join(READ[:-1]), READ[-1]))
PLAIN = set("txt json jsonl xml csv tsv md py ipynb html htm yml yaml log npy npz mat".split())
_MAGIC = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"8BPS", "Photoshop"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
)


def kind_by_name(name: str) -> str | None:
    """The kind its suffix stands for; "" for a file that is no image; None: look into it."""
    _, dot, suffix = name.casefold().rpartition(".")
    suffix = suffix if dot else ""
    return "" if suffix in PLAIN else KINDS.get(suffix)


def kind_by_content(head: bytes) -> str:
    """The kind of image that starts with these HEAD bytes; "" where it is none that is known."""
    if head[4:8] == b"ftyp":
        brands = head[8:]
        if b"avif" in brands or b"avis" in brands:
            return "AVIF"
        return "HEIC" if any(b in brands for b in (b"hei", b"hev", b"mif1", b"msf1")) else ""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[:2] == b"BM" and head[14:18] in (
        bytes((n, 0, 0, 0)) for n in (12, 40, 52, 56, 108, 124)
    ):
        return "BMP"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
