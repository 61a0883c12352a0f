"""An InvoiceXpress account on this machine, for tests and for trying the bot."""

from .account import Account
from .alterations import GONE
from .effects import Hold
from .faults import Fault, Faults, Switches
from .oddities import ODDITIES, Oddity
from .quirks import Quirks
from .records import ClientRecord, ContactRecord, Exchange, ItemRecord, RequestRecord, TaxRecord, Write
from .server import RequestLog
from .serving import serve_account

__all__ = [
    "GONE",
    "ODDITIES",
    "Account",
    "ClientRecord",
    "ContactRecord",
    "Exchange",
    "Fault",
    "Faults",
    "Hold",
    "ItemRecord",
    "Oddity",
    "Quirks",
    "RequestLog",
    "RequestRecord",
    "Switches",
    "TaxRecord",
    "Write",
    "serve_account",
]
