-- CreateTable
CREATE TABLE "act_request" (
    "id" BIGSERIAL NOT NULL,
    "job" TEXT NOT NULL,
    "act" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "asked_at" BIGINT NOT NULL,
    "taken_by" TEXT,
    "answer" TEXT,

    CONSTRAINT "act_request_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "act_request_job_idx" ON "act_request"("job");
