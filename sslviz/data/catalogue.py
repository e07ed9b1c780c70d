"""The built-in data sets: what they are, before (and without) loading any of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DataInfo:
    """One data set. `image_size`: its own side in pixels; `download_mb`: 0 where none is needed."""

    name: str
    title: str
    description: str
    class_names: tuple[str, ...]
    image_size: int
    n_train: int
    n_test: int
    channels: int = 3
    download_mb: int = 0
    factors: tuple[str, ...] = ()

    @property
    def downloadable(self) -> bool:
        return self.download_mb > 0


SHAPES = ("disc", "square", "triangle", "star", "cross", "ring", "heart", "moon")
SHAPE_FACTORS = ("fg_hue", "bg_hue", "size", "pos_x", "pos_y", "rotation", "texture")
TEXTURES = ("plain", "stripes", "dots", "checker")

_CIFAR10 = "airplane automobile bird cat deer dog frog horse ship truck"
_STL10 = "airplane bird car cat deer dog horse monkey ship truck"
_FASHION = (
    "T-shirt", "trousers", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip
_CIFAR100 = """
apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly
camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup
dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower
leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid
otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray
road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle
wardrobe whale willow_tree wolf woman worm
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


_ALL = (
    DataInfo(
        "shapes",
        "Shapes",
        "Eight shapes drawn from known factors: colours, size, position, tilt and texture. Nothing "
        "to download, and one can measure what the encoder kept and what it discarded.",
        SHAPES,
        image_size=32,
        n_train=4096,
        n_test=1024,
        factors=SHAPE_FACTORS,
    ),
    DataInfo(
        "shapes_upright",
        "Shapes, upright",
        "The same shapes, tilted by 15 degrees at most: here RotNet can find what is upright.",
        SHAPES,
        image_size=32,
        n_train=4096,
        n_test=1024,
        factors=SHAPE_FACTORS,
    ),
    DataInfo(
        "cifar10",
        "CIFAR-10",
        "60,000 small photographs of animals and vehicles in ten classes.",
        _words(_CIFAR10),
        image_size=32,
        n_train=50_000,
        n_test=10_000,
        download_mb=171,
    ),
    DataInfo(
        "cifar100",
        "CIFAR-100",
        "60,000 small photographs in a hundred classes: harder than CIFAR-10.",
        _words(_CIFAR100),
        image_size=32,
        n_train=50_000,
        n_test=10_000,
        download_mb=169,
    ),
    DataInfo(
        "stl10",
        "STL-10",
        "13,000 labelled photographs of 96 pixels in ten classes, 5,000 of them for training.",
        _words(_STL10),
        image_size=96,
        n_train=5_000,
        n_test=8_000,
        download_mb=2640,
    ),
    DataInfo(
        "fashion_mnist",
        "Fashion-MNIST",
        "70,000 grey pictures of clothes in ten classes: no colour to cheat with.",
        _FASHION,
        image_size=28,
        n_train=60_000,
        n_test=10_000,
        download_mb=31,
    ),
    DataInfo(
        "svhn",
        "SVHN",
        "99,289 house numbers cut from street photographs; the class is the digit in the middle.",
        tuple("0123456789"),
        image_size=32,
        n_train=73_257,
        n_test=26_032,
        download_mb=246,
    ),
)

DATASETS: dict[str, DataInfo] = {info.name: info for info in _ALL}
DRAWN = tuple(name for name, info in DATASETS.items() if not info.downloadable)
