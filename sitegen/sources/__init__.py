"""Papers from services: what each is asked, how, and how far a fetch came. No format is parsed here.

To ask one more service, write a module in ``services/`` with a function of the type ``answer.Service``, add it to
``services.SERVICES`` and its options to ``config_sources.SERVICES``.
"""
