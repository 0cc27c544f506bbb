-- CreateTable
CREATE TABLE "resource" (
    "job" INTEGER NOT NULL,
    "atom" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "stages" TEXT NOT NULL,
    "since" BIGINT NOT NULL,

    PRIMARY KEY ("job", "atom"),
    CONSTRAINT "resource_job_fkey" FOREIGN KEY ("job") REFERENCES "job" ("seq") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "resource_since_idx" ON "resource"("since");
