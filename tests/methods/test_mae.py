"""MAE: what the encoder may see, what the decoder paints, what counts; the vision transformer."""

import pytest
import torch
import torch.nn.functional as F
from small_methods import N, make_method, make_views
from torch import nn

from sslviz.backbones import Tiny, ViT, build_backbone, patches, positions
from sslviz.config import RunConfig
from sslviz.methods.generative.mae import MAE, levels, masked_error, visible_patches
from sslviz.methods.pieces.decoder import TokenDecoder, unpatched
from sslviz.presets.catalogue import default
from sslviz.refusal import Refusal

CPU = torch.device("cpu")


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def vit():
    torch.manual_seed(0)
    return ViT(3)


def test_patches_are_squares_of_four_row_by_row_and_back():
    x = torch.rand(2, 3, 8, 12, generator=generator())
    cut = patches(x)
    assert cut.shape == (2, 6, 48)
    for t in range(6):
        top, left = 4 * (t // 3), 4 * (t % 3)
        assert torch.equal(cut[1, t], x[1, :, top : top + 4, left : left + 4].flatten())
    square = torch.rand(2, 3, 16, 16, generator=generator())
    assert torch.equal(unpatched(patches(square)), square)


def test_positions_are_the_sines_of_the_row_and_of_the_column():
    grid = positions(2, 3, 8, CPU)
    assert grid.shape == (6, 8)
    for t in range(6):
        row, column = torch.tensor(float(t // 3)), torch.tensor(float(t % 3))
        expected = [
            f(n * w) for n in (row, column) for f in (torch.sin, torch.cos) for w in (1, 0.01)
        ]
        assert torch.allclose(grid[t], torch.stack(expected), atol=1e-6)


def test_a_block_equals_torchs_own_transformer_layer():
    block = vit().blocks[0]
    layer = nn.TransformerEncoderLayer(
        96, 3, 384, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
    )
    names = {
        "self_attn.in_proj_": "qkv.", "self_attn.out_proj.": "out.",
        "linear1.": "mlp.0.", "linear2.": "mlp.2.", "norm1.": "norm1.", "norm2.": "norm2.",
    }  # fmt: skip
    weights = block.state_dict()
    layer.load_state_dict(
        {a + kind: weights[b + kind] for a, b in names.items() for kind in ("weight", "bias")}
    )
    x = torch.randn(2, 7, 96, generator=generator())
    assert torch.allclose(block(x), layer(x), atol=1e-5)


@pytest.mark.parametrize("size", [(32, 32), (16, 16), (28, 28), (8, 20)])
def test_any_side_that_is_a_multiple_of_four_will_do(size, device):
    backbone = build_backbone("vit", 3, device)
    h = backbone(torch.rand(2, 3, *size, device=device))
    assert h.shape == (2, ViT.width) and h.isfinite().all()


def test_another_side_is_one_sentence():
    with pytest.raises(Refusal, match="30 x 30 pixels, and both must be multiples of 4"):
        vit()(torch.rand(1, 3, 30, 30))
    with pytest.raises(Refusal, match="image_size is 30; .* multiple of 4"):
        RunConfig().with_settings({"backbone": "vit", "image_size": 30})


def test_the_transformer_knows_where_a_patch_is():
    x = torch.rand(1, 3, 16, 16, generator=generator())
    elsewhere = x.roll(4, dims=3)
    assert not torch.allclose(vit()(x), vit()(elsewhere), atol=1e-4)


@pytest.mark.parametrize("standardise", [False, True])
def test_the_encoder_sees_the_visible_patches_and_nothing_else(standardise):
    visible = visible_patches(2, 64, 0.75, generator())
    a, b = torch.rand(2, 3, 32, 32), torch.rand(2, 3, 32, 32)
    shown = torch.zeros(2, 64, 1).scatter(1, visible[..., None], 1.0)
    mixed = unpatched(patches(a) * shown + patches(b) * (1 - shown))
    with torch.no_grad():
        backbone = vit()
        backbone.standardise = standardise
        tokens = backbone.tokens(a, visible)
        assert tokens.shape == (2, 16, 96)
        assert torch.allclose(tokens, backbone.tokens(mixed, visible), atol=1e-5)
        everything = torch.arange(64).expand(2, 64)
        assert torch.allclose(backbone.tokens(a, everything), backbone.tokens(a), atol=1e-5)
        assert torch.allclose(backbone(a), backbone.tokens(a).mean(1))


@pytest.mark.parametrize("share, kept", [(0.75, 16), (0.25, 48), (0.999, 1), (0.0, 63)])
def test_the_asked_share_is_hidden_of_every_image(share, kept):
    visible = visible_patches(10, 64, share, generator())
    assert visible.shape == (10, kept)
    assert all(len(set(row)) == kept for row in visible.tolist())
    assert not torch.equal(visible[0], visible[1])


def test_levels_equal_a_loop():
    x = torch.rand(2, 5, 48, generator=generator())
    mean, std = levels(x)
    for n in range(2):
        for t in range(5):
            assert mean[n, t].item() == pytest.approx(x[n, t].mean().item(), rel=1e-5)
            assert std[n, t].item() == pytest.approx(x[n, t].std().item(), rel=1e-3)


def test_the_error_counts_hidden_patches_only(device):
    painted, wanted = torch.rand(2, 6, 48), torch.rand(2, 6, 48)
    hidden = (torch.rand(2, 6, generator=generator()) > 0.5).float()
    total, count = 0.0, 0
    for n, t in hidden.nonzero().tolist():
        total += ((painted[n, t] - wanted[n, t]) ** 2).sum().item()
        count += 48
    got = masked_error(painted.to(device), wanted.to(device), hidden.to(device))
    assert got.item() == pytest.approx(total / count, rel=1e-5)


def test_the_decoder_puts_each_token_back_into_its_place():
    decoder = TokenDecoder(96, 1)
    decoder.blocks = nn.Sequential()  # without attention a place depends on its own token alone
    visible = torch.tensor([[5, 2]])
    tokens = torch.randn(1, 2, 96, generator=generator())
    here = positions(4, 4, TokenDecoder.width, CPU)
    painted = decoder(tokens, visible, 4)
    assert painted.shape == (1, 16, 48)
    for t in range(16):
        token = decoder.enter(tokens[0, (5, 2).index(t)]) if t in (5, 2) else decoder.hidden
        assert torch.allclose(painted[0, t], decoder.leave(token + here[t]), atol=1e-5)


def test_the_loss_is_blind_to_what_is_painted_over_visible_patches():
    method = make_method("mae", normalise_patches=True)
    views = make_views(method)
    step = method(views)
    image = torch.cat(views.x)
    x, visible = patches(image), views.extra["visible"]
    painted = method.decoder(method.backbone.tokens(image, visible), visible, 4)
    total, count = 0.0, 0
    for n in range(2 * N):
        for t in set(range(16)) - set(visible[n].tolist()):
            wanted = (x[n, t] - x[n, t].mean()) / (x[n, t].var() + 1e-6).sqrt()
            total, count = total + F.mse_loss(painted[n, t], wanted).item(), count + 1
    assert count == 2 * N * 12
    assert step.loss.item() == pytest.approx(total / count, rel=1e-4)


def test_mae_brings_its_backbone_and_takes_no_other():
    assert default("mae").backbone == "vit" == default("mae", "cifar10").backbone
    assert RunConfig().with_settings({"method": "mae"}).backbone == "vit"
    with pytest.raises(Refusal, match="backbone is 'tiny'; MAE works with vit only."):
        RunConfig().with_settings({"method": "mae", "backbone": "tiny"})
    with pytest.raises(Refusal, match="backbone must be vit"):
        MAE(Tiny(3), MAE.Config(), 8, 2)
