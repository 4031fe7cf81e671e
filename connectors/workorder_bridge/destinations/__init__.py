"""Where invoices go: adapters of the `Destination` port."""
