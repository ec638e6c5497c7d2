const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Headstand</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}code{background:#8882;padding:.1em .3em}</style></head>
<body>
<h1>Headstand</h1>
<p>A stand-in for a Splunk search head. This address carries:</p>
<ul>
<li>the REST API under <code>/en-US/splunkd/__raw/services</code>, as splunkweb does</li>
<li>searches over a WebSocket at <code>/en-US/splunkd/__raw/services/search/ws</code></li>
</ul>
<p>Clients of the management API use its own port, and senders of events that of the HTTP Event Collector; both were printed at start.</p>
</body>
</html>
`

/** The page of a path, or nothing. */
export const webPage = (path: string): string | undefined => (/^\/([a-z]{2}-[A-Z]{2}\/?)?$/.test(path) ? PAGE : undefined)
