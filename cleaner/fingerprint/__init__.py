"""Words to shingles to signatures (datasketch's)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasketch import LeanMinHash


def fingerprint(text: str) -> LeanMinHash:
    """The MinHash signature of a text as it stands, for people with LSH indexes of their own.

    Of its word 5-grams (of single characters where the script has no spaces), by datasketch's default scheme, with 128
    permutations and seed 1, which the MinHash of anything compared with it must have too. A text of fewer than five
    words has the signature of an empty set. To fingerprint what `cleaner group` compares, clean the text first.
    """
    from datasketch import LeanMinHash

    from cleaner.fingerprint import shingles, signatures

    (signature,) = signatures.minhash(*shingles.of_texts([text]))
    return LeanMinHash(seed=signatures.SEED, hashvalues=signature, scheme="affine32")
