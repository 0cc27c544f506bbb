// The router: one line for each procedure.
import type { inferRouterOutputs } from '@trpc/server';
import { list as listAttention } from './attention/list.ts';
import { get as getBulk } from './bulk/get.ts';
import { list as listBulk } from './bulk/list.ts';
import { post as postBulk } from './bulk/post.ts';
import { stop as stopBulk } from './bulk/stop.ts';
import { list as listTypes } from './catalog/list.ts';
import { absent } from './flows/absent.ts';
import { create } from './flows/create.ts';
import { draft } from './flows/draft.ts';
import { exportFlow } from './flows/export.ts';
import { history } from './flows/history.ts';
import { importFlow } from './flows/import.ts';
import { list as listFlows } from './flows/list.ts';
import { publish } from './flows/publish.ts';
import { recent } from './flows/recent.ts';
import { remove } from './flows/remove.ts';
import { save } from './flows/save.ts';
import { validate } from './flows/validate.ts';
import { version } from './flows/version.ts';
import { versions } from './flows/versions.ts';
import { answerApproval } from './jobs/acts/answer-approval.ts';
import { applyAgain } from './jobs/acts/apply-again.ts';
import { cancel } from './jobs/acts/cancel.ts';
import { changed } from './jobs/live/changed.ts';
import { count } from './jobs/count.ts';
import { counts } from './jobs/counts.ts';
import { get } from './jobs/get.ts';
import { keep } from './jobs/acts/keep.ts';
import { launch } from './jobs/launch.ts';
import { list as listJobs } from './jobs/list.ts';
import { log } from './jobs/log.ts';
import { markReverted } from './jobs/acts/mark-reverted.ts';
import { progress } from './jobs/live/progress.ts';
import { resume } from './jobs/acts/resume.ts';
import { retryFailed } from './jobs/acts/retry-failed.ts';
import { retryRevert } from './jobs/acts/retry-revert.ts';
import { row } from './jobs/row.ts';
import { settleDoubt } from './jobs/acts/settle-doubt.ts';
import { signal } from './jobs/acts/signal.ts';
import { skipFailed } from './jobs/acts/skip-failed.ts';
import { suspend } from './jobs/acts/suspend.ts';
import { tryAgain } from './jobs/acts/try-again.ts';
import { follow } from './logbook/follow.ts';
import { page } from './logbook/page.ts';
import { value } from './logbook/value.ts';
import { counts as resourceCounts } from './resources/counts.ts';
import { list as listResources } from './resources/list.ts';
import { channels as noticeChannels } from './notices/channels.ts';
import { list as listNotices } from './notices/list.ts';
import { markRead } from './notices/mark-read.ts';
import { unread } from './notices/unread.ts';
import { confirm } from './rollback/confirm.ts';
import { drift } from './rollback/drift.ts';
import { expected } from './rollback/expected.ts';
import { jointConfirm } from './rollback/joint-confirm.ts';
import { jointPlan } from './rollback/joint-plan.ts';
import { plan } from './rollback/plan.ts';
import { usedBy } from './rollback/used-by.ts';
import { me } from './session/me.ts';
import { router } from './trpc.ts';
import { list as listViews } from './views/list.ts';
import { remove as removeView } from './views/remove.ts';
import { save as saveView } from './views/save.ts';

export const appRouter = router({
  session: router({ me }),
  catalog: router({ list: listTypes }),
  flows: router({
    list: listFlows,
    recent,
    history,
    create,
    draft,
    save,
    validate,
    absent,
    publish,
    versions,
    version,
    import: importFlow,
    export: exportFlow,
    remove,
  }),
  jobs: router({
    launch,
    list: listJobs,
    count,
    counts,
    get,
    row,
    changed,
    progress,
    log,
    suspend,
    resume,
    cancel,
    applyAgain,
    retryFailed,
    skipFailed,
    retryRevert,
    markReverted,
    keep,
    answerApproval,
    signal,
    settleDoubt,
    tryAgain,
  }),
  bulk: router({ post: postBulk, list: listBulk, get: getBulk, stop: stopBulk }),
  views: router({ list: listViews, save: saveView, remove: removeView }),
  logbook: router({ page, follow, value }),
  rollback: router({ plan, drift, expected, usedBy, confirm, jointPlan, jointConfirm }),
  resources: router({ list: listResources, counts: resourceCounts }),
  attention: router({ list: listAttention }),
  notices: router({ list: listNotices, unread, channels: noticeChannels, markRead }),
});

export type AppRouter = typeof appRouter;

/** The answer of each procedure. */
export type Outputs = inferRouterOutputs<AppRouter>;
