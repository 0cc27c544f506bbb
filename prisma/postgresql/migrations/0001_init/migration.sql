-- Flows: a draft that changes, and versions that never do.
CREATE TABLE "flow" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "pattern" TEXT NOT NULL,
    "draft" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "updated_at" BIGINT NOT NULL,
    "updated_by" TEXT NOT NULL,
    "removed_at" BIGINT
);

CREATE TABLE "flow_version" (
    "flow_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "document" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "published_at" BIGINT NOT NULL,
    "published_by" TEXT NOT NULL,

    PRIMARY KEY ("flow_id", "version"),
    CONSTRAINT "flow_version_flow_id_fkey" FOREIGN KEY ("flow_id") REFERENCES "flow" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- The job board.
CREATE TABLE "job" (
    "seq" SERIAL NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "flow_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "flow_name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "run" TEXT NOT NULL,
    "attention" TEXT,
    "forward" TEXT NOT NULL,
    "priority" INTEGER NOT NULL,
    "posted_at" BIGINT NOT NULL,
    "posted_by" TEXT NOT NULL,
    "started_at" BIGINT,
    "ended_at" BIGINT,
    "key" TEXT,
    "owner" TEXT,
    "lease_until" BIGINT,
    "token" INTEGER NOT NULL,
    "reclaims" INTEGER NOT NULL DEFAULT 0
);

CREATE UNIQUE INDEX "job_id_key" ON "job"("id");
CREATE INDEX "job_state_seq_idx" ON "job"("state", "seq");
CREATE INDEX "job_flow_id_seq_idx" ON "job"("flow_id", "seq");
CREATE INDEX "job_attention_seq_idx" ON "job"("attention", "seq") WHERE "attention" IS NOT NULL;
CREATE UNIQUE INDEX "job_key_key" ON "job"("key") WHERE "key" IS NOT NULL;
CREATE INDEX "job_claimable_idx" ON "job"("priority" DESC, "seq") WHERE "state" = 'UNCLAIMED';
CREATE INDEX "job_leased_idx" ON "job"("lease_until") WHERE "state" = 'CLAIMED';

-- The logbook: appended in the order of the commits, never changed.
CREATE TABLE "logbook_record" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "job" INTEGER NOT NULL,
    "first" INTEGER NOT NULL,
    "last" INTEGER NOT NULL,
    "body" TEXT NOT NULL
);

CREATE UNIQUE INDEX "logbook_record_job_first_key" ON "logbook_record"("job", "first");

-- Signed-in browsers.
CREATE TABLE "session" (
    "hash" TEXT NOT NULL PRIMARY KEY,
    "person_id" TEXT NOT NULL,
    "person_name" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL,
    "seen_at" BIGINT NOT NULL,
    "expires_at" BIGINT NOT NULL
);

CREATE INDEX "session_expires_at_idx" ON "session"("expires_at");
