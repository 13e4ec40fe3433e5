"""A small transformer whose encoding, norm placement and residual path are parameters."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from experiments.training import encodings
from experiments.training.configs import HEADS, JOINED, RELATIVE, Run

LAYERS = 2
BUCKETS = 32


class TooLong(ValueError):
    """A sequence with positions that a learned table has no row for."""


class Attention(nn.Module):
    """All heads of one layer, with what a relative encoding does inside them."""

    def __init__(self, run: Run, d: int) -> None:
        super().__init__()
        self.run, self.size = run, d // HEADS
        self.qkv = nn.Linear(d, 3 * d)
        self.out = nn.Linear(d, d)
        if run.encoding == "t5":
            self.bias = nn.Parameter(torch.zeros(BUCKETS, HEADS))
        self._kept: dict[object, Tensor | tuple[Tensor, Tensor]] = {}

    def forward(self, x: Tensor, keep: list[Tensor] | None = None) -> Tensor:
        n, length, d = x.shape
        parts = self.qkv(x).view(n, length, 3, HEADS, self.size).permute(2, 0, 3, 1, 4)
        q, k, v = parts.unbind(0)
        if self.run.encoding == "rope":
            cos, sin = self._once("turns", length, lambda: encodings.turns(length, self.size))
            q, k = encodings.rotate(q, cos, sin), encodings.rotate(k, cos, sin)
        scores = q @ k.transpose(-1, -2) / math.sqrt(self.size)
        if self.run.encoding == "alibi":
            scores = (
                scores + self._once("alibi", length, lambda: (encodings.alibi(HEADS, length),))[0]
            )
        elif self.run.encoding == "t5":
            which = self._once(
                "t5",
                length,
                lambda: (encodings.buckets(length, bidirectional=not self.run.causal),),
            )[0]
            scores = scores + self.bias[which].permute(2, 0, 1)
        if self.run.causal:
            later = self._once(
                "mask", length, lambda: (torch.ones(length, length).triu(1).bool(),)
            )[0]
            scores = scores.masked_fill(later, float("-inf"))
        weights = scores.softmax(-1)
        if keep is not None:
            keep.append(weights)
        return self.out((weights @ v).transpose(1, 2).reshape(n, length, d))

    def _once(self, name, length, make):
        """What depends on the length alone, made once for each length."""
        if (name, length) not in self._kept:
            device = self.qkv.weight.device
            self._kept[name, length] = tuple(part.to(device) for part in make())
        return self._kept[name, length]


class Layer(nn.Module):
    """Attention and a feed-forward part, each with a norm before or after it, or with none."""

    def __init__(self, run: Run, d: int) -> None:
        super().__init__()
        self.run = run
        self.attention = Attention(run, d)
        self.wide = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        normed = run.norm != "none"
        self.norms = nn.ModuleList(nn.LayerNorm(d) if normed else nn.Identity() for _ in range(2))

    def forward(self, x: Tensor, keep: list[Tensor] | None = None) -> Tensor:
        past = x if self.run.residual else 0.0
        if self.run.norm == "post":
            x = self.norms[0](past + self.attention(x, keep))
            return self.norms[1](x + self.wide(x))
        x = past + self.attention(self.norms[0](x), keep)
        return x + self.wide(self.norms[1](x))


class Model(nn.Module):
    """Tokens and positions in, scores of the answers out."""

    def __init__(self, run: Run, vocabulary: int, classes: int, pooled: bool) -> None:
        super().__init__()
        self.run, self.pooled = run, pooled
        d = run.d_model
        half = d // 2
        token, position, width = {
            "concat total": (half, d - half, d),
            "concat token": (d, half, d + half),
            "concat project": (d, d, d),
        }.get(run.encoding, (d, d, d))
        self.position_width = position
        self.tokens = nn.Embedding(vocabulary, token)  # standard normal at the start
        if run.encoding == "learned":
            table = torch.randn(run.table_rows, position) * math.sqrt(0.5) * run.position_scale
            self.table = nn.Parameter(table)
        if run.encoding == "concat project":
            self.project = nn.Linear(token + position, d)
        self.layers = nn.ModuleList(Layer(run, width) for _ in range(LAYERS))
        self.norm = nn.LayerNorm(width) if run.norm == "pre" else nn.Identity()
        self.answer = nn.Linear(width, classes)
        self._rows: dict[int, Tensor] = {}

    def positions(self, length: int) -> Tensor | None:
        """The rows that are added or joined; None where there are none.

        Raises:
            TooLong: a learned table has fewer rows.
        """
        encoding = self.run.encoding
        if encoding == "none" or encoding in RELATIVE:
            return None
        if encoding == "learned":
            if length > len(self.table):
                raise TooLong(f"{length} positions, and the table has {len(self.table)} rows")
            return self.table[:length]
        if length not in self._rows:
            rows = encodings.fixed_table(encoding, length, self.position_width)
            self._rows[length] = (rows * self.run.position_scale).to(self.answer.weight.device)
        return self._rows[length]

    def embed(self, x: Tensor) -> Tensor:
        """What the first layer reads, shape (n, length, width)."""
        words = self.tokens(x) * self.run.token_scale
        rows = self.positions(x.shape[1])
        if rows is None:
            return words
        if self.run.encoding in JOINED:
            joined = torch.cat((words, rows.expand(len(x), -1, -1)), dim=-1)
            return self.project(joined) if self.run.encoding == "concat project" else joined
        return words + rows

    def states(self, x: Tensor, keep: list[Tensor] | None = None) -> list[Tensor]:
        """The vectors before the first layer and after each."""
        found = [self.embed(x)]
        for layer in self.layers:
            found.append(layer(found[-1], keep))
        return found

    def forward(self, x: Tensor) -> Tensor:
        last = self.norm(self.states(x)[-1])
        return self.answer(last.mean(dim=1) if self.pooled else last)


def loss_of(scores: Tensor, y: Tensor) -> Tensor:
    """The cross-entropy where an answer is asked for."""
    return F.cross_entropy(scores.flatten(0, -2), y.flatten(), ignore_index=-1)
