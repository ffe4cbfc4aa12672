"""The encoders as one small torch module: a transformer with normalisation after each part, and several heads.

MiniLM (6 layers of 384) and mpnet-base (12 of 768, with relative positions) are the same network but for sizes and
names of tensors, so both load into this one (`encoders` reads their files).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from moderation.engines.encoding import Row
from moderation.engines.heads import OUTPUTS

_DROPOUT = 0.1
_BUCKETS, _FARTHEST = 32, 128
_HIDDEN_FROM_SOFTMAX = -1e4


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of an encoder. `first_position` is the number of the first place; `relative` has a bias by distance."""

    layers: int
    width: int
    heads: int
    first_position: int = 0
    relative: bool = False
    pad: int = 0
    epsilon: float = 1e-12


SMALL = Shape(layers=6, width=384, heads=12)
LARGE = Shape(layers=12, width=768, heads=12, first_position=2, relative=True, pad=1, epsilon=1e-5)


class Layer(nn.Module):
    """Attention, then two linear maps; each added to its input and normalised."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.first, self.second = (nn.LayerNorm(width, eps=shape.epsilon) for _ in range(2))
        self.dropout = nn.Dropout(_DROPOUT)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """States (texts, tokens, width) and bias (texts or 1, heads or 1, tokens, tokens) to states."""
        texts, tokens, width = states.shape
        parts = self.qkv(states).view(texts, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], attn_mask=bias)
        seen = seen.transpose(1, 2).reshape(texts, tokens, width)
        states = self.first(states + self.dropout(self.out(seen)))
        changed: Tensor = self.second(states + self.dropout(self.down(functional.gelu(self.up(states)))))
        return changed


class Network(nn.Module):
    """An encoder with its heads on the mean of its last states."""

    def __init__(self, shape: Shape, vocabulary: int, positions: int) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(vocabulary, shape.width)
        self.places = nn.Embedding(positions, shape.width)
        self.start = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.distances = nn.Embedding(_BUCKETS, shape.heads) if shape.relative else None
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.dropout = nn.Dropout(_DROPOUT)
        self.head = nn.Linear(shape.width, OUTPUTS)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Token numbers and mask (both texts by tokens; 1 where there is a token) to logits (texts by `OUTPUTS`)."""
        at = torch.arange(tokens.shape[1], device=tokens.device) + self.shape.first_position
        states = self.dropout(self.start(self.words(tokens) + self.places(at)))
        bias = self._bias(mask)
        for layer in self.layers:
            states = layer(states, bias)
        counted = mask.unsqueeze(-1).to(states.dtype)
        logits: Tensor = self.head(self.dropout((states * counted).sum(1) / counted.sum(1)))
        return logits

    def _bias(self, mask: Tensor) -> Tensor:
        hidden = (1.0 - mask[:, None, None, :].to(torch.float32)) * _HIDDEN_FROM_SOFTMAX
        if self.distances is None:
            return hidden.expand(-1, 1, mask.shape[1], -1)
        near: Tensor = self.distances(_buckets(mask.shape[1])).permute(2, 0, 1).unsqueeze(0)
        return near + hidden


def _buckets(length: int) -> Tensor:
    """The bucket of each distance between two places, as mpnet counts them: near ones apart, far ones together."""
    at = torch.arange(length)
    distance = at[:, None] - at[None, :]
    half = _BUCKETS // 2
    exact = half // 2
    far = distance.abs().clamp(min=1)
    growth = torch.log(far.float() / exact) / math.log(_FARTHEST / exact) * (half - exact)
    bucket = torch.where(far < exact, distance.abs(), (exact + growth.long()).clamp(max=half - 1))
    return bucket + (distance < 0).long() * half


def padded(rows: Sequence[Row], pad: int) -> tuple[Tensor, Tensor]:
    """Rows as one matrix of token numbers (rows by tokens), and its mask: 1 where there is a token."""
    tokens = torch.full((len(rows), max(map(len, rows))), pad)
    mask = torch.zeros_like(tokens)
    for at, row in enumerate(rows):
        tokens[at, : len(row)] = torch.tensor(row)
        mask[at, : len(row)] = 1
    return tokens, mask
