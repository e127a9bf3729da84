select clock_timestamp(), current_setting('transaction_read_only') = 'on';
