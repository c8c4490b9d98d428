-- One open position for each account and symbol. Prisma's schema language has no partial index, so it is
-- written here by hand; closed positions are history and may repeat.
CREATE UNIQUE INDEX "positions_one_open_per_account_and_symbol" ON "positions"("account_id", "symbol") WHERE "status" = 'OPEN';
