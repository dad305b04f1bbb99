/** The three steps of an upload and files.info of the stand-in. Source: https://docs.slack.dev/messaging/working-with-files */
import { lacks, refuse, type WebMethod } from "./web-method.js";
import type { KeptFile } from "./workspace.js";

/** First step: a place for the bytes. */
export const getUploadUrl: WebMethod = (args, caller, { files }) => {
  const missing = lacks("files:write", caller);
  if (missing !== null) return missing;
  const length = Number(args["length"]);
  if (typeof args["filename"] !== "string" || !(length > 0)) return refuse("invalid_arguments");
  const altText = typeof args["alt_txt"] === "string" ? args["alt_txt"] : null;
  if (altText !== null && altText.length > 1_000) return refuse("alt_txt_too_large");
  const last = [...files.keys()].at(-1);
  const id = `F${String(Number(last?.slice(1) ?? 0) + 1).padStart(8, "0")}`;
  files.set(id, { id, name: args["filename"], length, altText, bytes: null, isComplete: false, asked: 0 });
  return { ok: true, file_id: id, upload_url: `${caller.origin}/upload/${id}` };
};

/** Third step: the file is there, in a channel or thread where one is named. */
export const completeUpload: WebMethod = (args, caller, workspace) => {
  const missing = lacks("files:write", caller);
  if (missing !== null) return missing;
  const asked = Array.isArray(args["files"]) ? (args["files"] as readonly { readonly id: string }[]) : [];
  const files = asked.map(({ id }) => workspace.files.get(id));
  const found = files.filter((file): file is KeptFile => file !== undefined && file.bytes !== null);
  if (found.length === 0 || found.length !== files.length) return refuse("file_not_found");
  for (const file of found) file.isComplete = true;
  if (args["channel_id"] !== undefined) {
    const channel = workspace.find(args["channel_id"], false);
    if (channel === null) return refuse("channel_not_found");
    if (!channel.isMember) return refuse("not_in_channel");
    if (channel.isArchived) return refuse("is_archived");
    const threadTs = channel.messages.find(({ ts }) => ts === args["thread_ts"])?.ts ?? null;
    const fileIds = found.map(({ id }) => id);
    const text = String(args["initial_comment"] ?? "");
    workspace.post(channel, {
      ...{ blocks: null, metadata: null, isBroadcast: false, byWebhook: false },
      threadTs,
      text,
      fileIds,
    });
  }
  return { ok: true, files: found.map(({ id, name }) => ({ id, title: name })) };
};

/** A file; ready only when it has been asked for a few times, because Slack looks at it in its own time. */
export const fileInfo: WebMethod = (args, caller, { files }) => {
  const missing = lacks("files:read", caller);
  if (missing !== null) return missing;
  const file = files.get(String(args["file"]));
  if (file === undefined) return refuse("file_not_found");
  file.asked += 1;
  const isReady = file.isComplete && file.asked > 2;
  const permalink = `${caller.origin}/files/${file.id}`;
  return { ok: true, file: { id: file.id, name: file.name, mimetype: isReady ? "image/png" : "", permalink } };
};
