insert into audit_checkpoint (log, size, root, note)
values (%(log)s, %(size)s, %(root)s, %(note)s)
on conflict do nothing;
