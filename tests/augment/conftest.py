import pytest
import torch

from tests.augment.drawn import SIZE, N


@pytest.fixture
def images():
    """Noise, saturated primaries, grays and constants: where HSV has its corners."""
    x = torch.rand(N, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(1))
    x[1], x[2], x[3] = 0.0, 1.0, x[3, :1]
    x[4] = (x[4] > 0.5).float()
    x[5] = torch.tensor([1.0, 0.0, 0.0]).view(3, 1, 1)
    return x
