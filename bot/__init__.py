"""InvoiceXpress for Slack: look up clients, and find, create, edit and delete items, from Slack."""
