"""The local copy of the account: synchronised with it, searched instead of it."""

from bot.catalog.catalog import Catalog
from bot.catalog.copy import remove_copy
from bot.catalog.model import CatalogStatus, Changes, Hits, KindName, KindStatus, Outcome, Progress, Standing, Tally

__all__ = [
    "Catalog",
    "CatalogStatus",
    "Changes",
    "Hits",
    "KindName",
    "KindStatus",
    "Outcome",
    "Progress",
    "Standing",
    "Tally",
    "remove_copy",
]
