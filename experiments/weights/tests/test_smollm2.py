"""SmolLM2 in NumPy against transformers, which reads the same file with code of its own.

    python -m pytest experiments/weights/tests -c experiments/weights/tests/pytest.ini

`make test` does not run this: the book is built and tested without PyTorch. The package gguf expands
the four bits for both; all that follows is told twice. Transformers computes norms and the angles of
the rotation in float32, whatever the model is in, and then the scores are up to 1.5e-5 apart; with
these two in float64 it is less than 3e-12.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.models.llama import modeling_llama

from experiments.weights.smollm2 import SmolLM2

TEXTS = ("The dog bit the man.", "Only I said that she won 12 times.")
SINGLE = 1e-4  # how far apart scores of up to 32 may be where one program rounds to float32
DOUBLE = 1e-10  # and where both keep float64
POSITIONS = (0, 7000)  # of the first word


@pytest.fixture(scope="module")
def ours() -> SmolLM2:
    return SmolLM2()


@pytest.fixture(scope="module")
def theirs(ours):
    file = ours.file
    return AutoModelForCausalLM.from_pretrained(
        file.parent, gguf_file=file.name, dtype=torch.float64
    ).eval()


@pytest.fixture
def double(monkeypatch):
    """The two steps of transformers that are in float32, in float64."""

    def norm(self, x):
        return torch.nn.functional.rms_norm(x, x.shape[-1:], self.weight, self.variance_epsilon)

    def angles(self, x, position_ids):
        width = self.config.head_dim
        base = self.config.rope_parameters["rope_theta"]
        speeds = base ** -(torch.arange(0, width, 2, dtype=torch.float64) / width)
        turned = (position_ids[..., None] * speeds).repeat(1, 1, 2)
        return turned.cos(), turned.sin()

    monkeypatch.setattr(modeling_llama.LlamaRMSNorm, "forward", norm)
    monkeypatch.setattr(modeling_llama.LlamaRotaryEmbedding, "forward", angles)


def difference(ours: SmolLM2, theirs, text: str, first: int = 0) -> float:
    """The largest difference of any score that the two give to any piece after any word."""
    ids = ours.tokens(text)
    places = torch.arange(first, first + len(ids))[None]
    with torch.no_grad():
        scores = theirs(torch.tensor([ids]), position_ids=places).logits[0].numpy()
    found = float(np.abs(scores - ours.logits(ids, first=first)).max())
    print(f"{text!r} from position {first}: {found:.1e} of {np.abs(scores).max():.0f}")
    return found


@pytest.mark.parametrize("text", [*TEXTS, " naïve  tabs\tand\nlines 2,048", "הכלב נשך את האיש"])
def test_a_text_has_the_same_pieces(ours, text):
    tokenizer = AutoTokenizer.from_pretrained(ours.file.parent, gguf_file=ours.file.name)
    assert ours.tokens(text) == tokenizer(text)["input_ids"]


@pytest.mark.parametrize("text", TEXTS)
def test_the_scores_are_those_of_transformers(ours, theirs, text):
    assert difference(ours, theirs, text) < SINGLE


@pytest.mark.parametrize("first", POSITIONS)
@pytest.mark.parametrize("text", TEXTS)
def test_in_float64_only_rounding_is_left(ours, theirs, double, text, first):
    assert difference(ours, theirs, text, first) < DOUBLE


def test_another_base_would_be_seen(ours, theirs, monkeypatch):
    monkeypatch.setattr(ours, "base", 10_000.0)
    assert difference(ours, theirs, TEXTS[0]) > 0.1
