"""Where invoices come from: adapters of the `TicketSource` port."""
