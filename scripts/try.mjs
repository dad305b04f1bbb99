// `npm run try`: Meshlens over a recorded mesh in memory. PORT chooses another port than 4000.
const { serveRecording } = await import("../dist/test/support/serve-recording.js");
try {
  await serveRecording(Number(process.env.PORT ?? 4000));
} catch (error) {
  console.error(`try: ${error.message} (PORT=0 npm run try takes a free port)`);
  process.exit(1);
}
