-- CreateTable: the timelines of the server on which the venues' books were compared with this database. A restore or a
-- failover begins another one, and the database may have forgotten orders that the venues know.
CREATE TABLE "reconciled_timelines" (
    "timeline" TEXT NOT NULL,
    "reconciled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reconciled_timelines_pkey" PRIMARY KEY ("timeline")
);
