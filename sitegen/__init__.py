"""sitegen: a static site generator for collections of research papers."""

__version__ = "0.1.0"
