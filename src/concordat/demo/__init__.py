"""The demonstration world: made from a seed, played through the same actions as everybody's."""
