"""Classic experiments of the field, each small enough for shapes: what the papers found, and what
is found here."""

from sslviz.sweeps.classics.augmentations import AUGMENTATIONS
from sslviz.sweeps.classics.classic import Classic
from sslviz.sweeps.classics.heads import HEADS
from sslviz.sweeps.classics.losses import LOSSES
from sslviz.sweeps.classics.memories import MEMORIES
from sslviz.sweeps.classics.transfer import TRANSFER

CLASSICS: dict[str, Classic] = {
    classic.name: classic for classic in (*AUGMENTATIONS, *LOSSES, *HEADS, *MEMORIES, *TRANSFER)
}
