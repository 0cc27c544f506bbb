-- DropIndex
DROP INDEX "job_state_seq_idx";

-- DropIndex
DROP INDEX "job_flow_id_seq_idx";

-- CreateTable
CREATE TABLE "job_input" (
    "value" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "posted_at" BIGINT NOT NULL,
    "job" INTEGER NOT NULL,

    CONSTRAINT "job_input_pkey" PRIMARY KEY ("value","name","posted_at","job")
);

-- CreateTable
CREATE TABLE "saved_view" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "search" TEXT NOT NULL,
    "columns" TEXT NOT NULL,
    "order" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "owner_name" TEXT NOT NULL,
    "is_shared" BOOLEAN NOT NULL,
    "saved_at" BIGINT NOT NULL,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_act" (
    "id" SERIAL NOT NULL,
    "act" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "search" TEXT NOT NULL,
    "asked_at" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "ended_at" BIGINT,
    "taken_by" TEXT,
    "taken_till" BIGINT,

    CONSTRAINT "bulk_act_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_act_job" (
    "bulk" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "job" TEXT NOT NULL,
    "outcome" TEXT,
    "note" TEXT NOT NULL DEFAULT '',
    "at" BIGINT,

    CONSTRAINT "bulk_act_job_pkey" PRIMARY KEY ("bulk","number")
);

-- CreateIndex
CREATE INDEX "job_input_job_idx" ON "job_input"("job");

-- CreateIndex
CREATE UNIQUE INDEX "saved_view_owner_id_name_key" ON "saved_view"("owner_id", "name");

-- CreateIndex
CREATE INDEX "bulk_act_state_idx" ON "bulk_act"("state");

-- CreateIndex
CREATE INDEX "bulk_act_job_bulk_outcome_number_idx" ON "bulk_act_job"("bulk", "outcome", "number");

-- CreateIndex
CREATE INDEX "job_posted_idx" ON "job"("posted_at", "seq", "run", "state", "flow_id", "version", "posted_by", "attention");

-- CreateIndex
CREATE INDEX "job_run_idx" ON "job"("run", "posted_at", "seq");

-- CreateIndex
CREATE INDEX "job_open_idx" ON "job"("state", "posted_at", "seq") WHERE "state" <> 'COMPLETE';

CREATE INDEX "job_posted_by_idx" ON "job"(lower("posted_by"), "posted_at", "seq");

-- CreateIndex
CREATE INDEX "job_flow_idx" ON "job"("flow_id", "posted_at", "seq", "version");

-- AddForeignKey
ALTER TABLE "job_input" ADD CONSTRAINT "job_input_job_fkey" FOREIGN KEY ("job") REFERENCES "job"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_act_job" ADD CONSTRAINT "bulk_act_job_bulk_fkey" FOREIGN KEY ("bulk") REFERENCES "bulk_act"("id") ON DELETE CASCADE ON UPDATE CASCADE;
