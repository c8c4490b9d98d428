-- CreateTable
CREATE TABLE "outbox_events" (
    "id" BIGINT GENERATED ALWAYS AS IDENTITY,
    "topic" TEXT NOT NULL,
    "aggregate_id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "dispatched_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "kill_switch_audit" (
    "id" BIGINT GENERATED ALWAYS AS IDENTITY,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "dry_run" BOOLEAN NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "release" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "kill_switch_audit_pkey" PRIMARY KEY ("id")
);

-- The dispatcher reads what is pending, in order; dispatched events leave this index.
CREATE INDEX "outbox_events_pending" ON "outbox_events"("id") WHERE "dispatched_at" IS NULL;
