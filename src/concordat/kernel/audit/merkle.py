"""Merkle trees as RFC 6962 §2.1 defines them: roots, inclusion and consistency proofs.

Hashes are 32 bytes. `Node` gives the root of the complete subtree of 2**level leaves number
`index`, so that a proof over a million leaves asks for a few dozen hashes and not for the leaves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Node = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 of 0x00 and the leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and the two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


EMPTY = hashlib.sha256(b"").digest()


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (which is at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def nodes_of(leaves: Sequence[bytes]) -> Node:
    """The node look-up over leaves held in memory (raw leaves, not hashes)."""

    def node(level: int, index: int) -> bytes:
        if level == 0:
            return leaf_hash(leaves[index])
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def subtree(node: Node, start: int, stop: int) -> bytes:
    """The hash over leaves `start` to `stop` (not included), which must be an RFC 6962 subtree."""
    size = stop - start
    if size == 0:
        return EMPTY
    if size & (size - 1) == 0 and start % size == 0:
        return node(size.bit_length() - 1, start // size)
    middle = start + _split(size)
    return node_hash(subtree(node, start, middle), subtree(node, middle, stop))


def root(node: Node, size: int) -> bytes:
    """The Merkle tree hash of the first `size` leaves."""
    return subtree(node, 0, size)


def inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """The audit path of leaf `index` in a tree of `size` leaves (RFC 6962 §2.1.1).

    Raises ValueError when the leaf is not in the tree.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(subtree(node, middle, stop))
            stop = middle
        else:
            path.append(subtree(node, start, middle))
            start = middle
    return path[::-1]


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether `path` proves that `leaf` stands at `index` under the root `expected`
    (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    number, last, found = index, size - 1, leaf_hash(leaf)
    for step in path:
        if last == 0:
            return False
        if number & 1 or number == last:
            found = node_hash(step, found)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, step)
        number, last = number >> 1, last >> 1
    return last == 0 and found == expected


def consistency(node: Node, first: int, second: int) -> list[bytes]:
    """The proof that the first `first` of `second` leaves are unchanged (RFC 6962 §2.1.2).

    Raises ValueError unless 0 < first ≤ second.
    """
    if not 0 < first <= second:
        raise ValueError(f"no consistency between {first} and {second}")
    path: list[bytes] = []
    start, stop, whole = 0, second, True
    while first != stop:
        middle = start + _split(stop - start)
        if first <= middle:
            path.append(subtree(node, middle, stop))
            stop = middle
        else:
            path.append(subtree(node, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(node, start, stop))
    return path[::-1]


def consistent(
    first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether `path` proves that the tree of `second_root` extends that of `first_root`
    (RFC 9162 §2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    steps = [*path] if first & (first - 1) else [first_root, *path]
    if not steps:
        return False
    number, last = first - 1, second - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, step)
        number, last = number >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


@dataclass
class Frontier:
    """The right edge of a growing tree: appends in O(log n), keeps O(log n) hashes.

    `complete` is called with (level, index, hash) for each subtree that an append completes.
    """

    size: int = 0
    edge: list[bytes] = field(default_factory=list)  # complete subtrees, largest first

    def append(
        self, leaf: bytes, complete: Callable[[int, int, bytes], None] | None = None
    ) -> None:
        """Add one leaf."""
        found, level, number = leaf_hash(leaf), 0, self.size
        while number & 1:
            found = node_hash(self.edge.pop(), found)
            level, number = level + 1, number >> 1
            if complete:
                complete(level, number, found)
        self.edge.append(found)
        self.size += 1

    def root(self) -> bytes:
        """The Merkle tree hash of what was appended."""
        if not self.edge:
            return EMPTY
        found = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            found = node_hash(left, found)
        return found


def frontier_at(node: Node, size: int) -> Frontier:
    """The frontier of the first `size` leaves, from stored nodes."""
    edge, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            edge.append(node(level, start >> level))
            start += 1 << level
    return Frontier(size, edge)
