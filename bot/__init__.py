"""InvoiceXpress for Slack: look up clients, and find, create, edit and delete items, from Slack."""

__version__ = "0.1.0"
