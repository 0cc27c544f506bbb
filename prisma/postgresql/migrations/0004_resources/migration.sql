-- CreateTable
CREATE TABLE "resource" (
    "job" INTEGER NOT NULL,
    "atom" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "stages" TEXT NOT NULL,
    "since" BIGINT NOT NULL,

    CONSTRAINT "resource_pkey" PRIMARY KEY ("job","atom")
);

-- CreateIndex
CREATE INDEX "resource_since_idx" ON "resource"("since");

-- AddForeignKey
ALTER TABLE "resource" ADD CONSTRAINT "resource_job_fkey" FOREIGN KEY ("job") REFERENCES "job"("seq") ON DELETE CASCADE ON UPDATE CASCADE;
