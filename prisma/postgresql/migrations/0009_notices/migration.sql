-- CreateTable
CREATE TABLE "notice" (
    "id" BIGSERIAL NOT NULL,
    "job" INTEGER NOT NULL,
    "entry" INTEGER NOT NULL,
    "attention" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "raised_at" BIGINT NOT NULL,
    "read_at" BIGINT,
    "read_by" TEXT,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notice_delivery" (
    "notice" BIGINT NOT NULL,
    "channel" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "tries" INTEGER NOT NULL,
    "due_at" BIGINT NOT NULL,
    "lease" TEXT,
    "error" TEXT,
    "sent_at" BIGINT,

    CONSTRAINT "notice_delivery_pkey" PRIMARY KEY ("notice","channel")
);

-- CreateIndex
CREATE INDEX "notice_read_at_idx" ON "notice"("read_at");

-- CreateIndex
CREATE UNIQUE INDEX "notice_job_entry_key" ON "notice"("job", "entry");

-- CreateIndex
CREATE INDEX "notice_delivery_state_due_at_idx" ON "notice_delivery"("state", "due_at");

-- AddForeignKey
ALTER TABLE "notice" ADD CONSTRAINT "notice_job_fkey" FOREIGN KEY ("job") REFERENCES "job"("seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice_delivery" ADD CONSTRAINT "notice_delivery_notice_fkey" FOREIGN KEY ("notice") REFERENCES "notice"("id") ON DELETE CASCADE ON UPDATE CASCADE;
