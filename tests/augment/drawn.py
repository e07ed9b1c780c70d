"""Images and parameters that the tests of ops share."""

import torch

N, SIZE = 24, 32


def uniform(low, high, seed=2):
    return low + (high - low) * torch.rand(N, generator=torch.Generator().manual_seed(seed))


def one_by_one(images, function, *values):
    rows = zip(images, *(v.tolist() for v in values), strict=True)
    return torch.stack([function(image, *own) for image, *own in rows])
