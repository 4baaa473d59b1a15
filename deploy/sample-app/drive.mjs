// Customers of the sample shop, on Node.js: a few requests a second, until it is stopped.
//   SHOP      address of the shop; default http://127.0.0.1:8080
//   RATE      requests a second; default 2
//   SECONDS   how long; default 0: until SIGTERM
// Prints how many requests got which status.
const shop = process.env.SHOP ?? 'http://127.0.0.1:8080'
const rate = Number(process.env.RATE ?? 2)
const seconds = Number(process.env.SECONDS ?? 0)

// one of each: lists, a search, pages that ask "stock", orders (which ask "shop" back), and what fails
const requests = [
  ['GET', '/products'],
  ['GET', '/products/1'],
  ['POST', '/orders?product=1&quantity=2'],
  ['GET', '/products?word=Tea'],
  ['GET', '/products/3'],
  ['POST', '/orders?product=5&quantity=7'],
  ['GET', '/products/99'],
  ['POST', '/orders?product=6&quantity=1'],
]

const answers = {}
async function visit([method, path]) {
  const status = await fetch(shop + path, { method, signal: AbortSignal.timeout(20_000) }).then(
    async (answer) => {
      await answer.arrayBuffer()
      return answer.status
    },
    (error) => error.cause?.code ?? error.name,
  )
  answers[status] = (answers[status] ?? 0) + 1
}

function report() {
  console.log(JSON.stringify({ at: new Date().toISOString(), answers }))
}

let sent = 0
const visits = setInterval(() => visit(requests[sent++ % requests.length]), 1000 / rate)
const reports = setInterval(report, 60_000)
function end() {
  clearInterval(visits)
  clearInterval(reports)
  report()
}
process.once('SIGTERM', end)
process.once('SIGINT', end)
if (seconds > 0) setTimeout(end, seconds * 1000)
