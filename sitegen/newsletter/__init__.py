"""A part of a collection as an e-mail: what it says, the message that carries it, and its delivery."""
