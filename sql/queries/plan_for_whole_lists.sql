-- For this transaction only. A load touches every entry, and the statistics may know other lists only: a plan
-- of nested loops, made for "no rows of this list", would take time in the square of its length.
select set_config('enable_nestloop', 'off', true);
