update audit_sealer
set swept_at = clock_timestamp(), cluster = (select system_identifier::text from pg_control_system());
