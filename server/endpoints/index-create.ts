import { feedAnswer } from '../atom'
import { endpoint } from '../endpoint'
import { refused } from '../errors'
import { indexEntry } from '../index-entry'
import { originOf } from '../origin'
import { choice, needed } from '../params'

/** @source REST API Reference 9.x, data/indexes: what a name may be */
const NAME = /^(?!.*kvstore)[a-z0-9][a-z0-9_-]{0,79}$/

export default endpoint({
  method: 'POST',
  path: 'data/indexes',
  summary: 'Makes an index.',
  source: 'REST API Reference 9.x, data/indexes; texts measured on 10.4',
  params: { name: needed(), datatype: choice(['event'], 'event') },
  unknown: 'refuse',
  async handle(request) {
    const { name } = request.args
    const { head } = request
    if ((await head.indexes()).some((info) => info.name === name))
      throw refused(409, `In handler 'indexes': Index name=${name} already exists`)
    if (!NAME.test(name)) {
      throw refused(
        400,
        `In handler 'indexes': Index name "${name}" is invalid: it takes lower-case letters, digits, underscores and hyphens, begins with neither of the last two, and has no "kvstore" in it.`,
      )
    }
    await head.createIndex(name)
    const made = (await head.indexes()).filter((info) => info.name === name).map(indexEntry)
    const paging = { total: made.length, perPage: 30, offset: 0 }
    return feedAnswer(
      { title: 'indexes', path: '/services/data/indexes', entries: made, paging, messages: [], fields: true },
      originOf(request),
      201,
    )
  },
})
