-- A neutralized copy must not be able to bill anyone: no destination hands out an invoice until somebody activates it here.
UPDATE work_order_destination
   SET state = 'paused',
       pause_reason = 'This database was neutralized: nothing is sent from a copy.',
       activated_database = NULL;
