import { type DocumentAnswer, messagesElement, responseElement } from '../answer'
import { setCookie } from '../credentials'
import { endpoint } from '../endpoint'
import { HttpProblem } from '../errors'
import { flag, optional } from '../params'
import { findAccount } from '../sessions'

const failed = (status: number) => new HttpProblem(status, [{ type: 'WARN', text: 'Login failed', code: 'incorrect_username_or_password' }])

export default endpoint({
  method: 'POST',
  path: 'auth/login',
  summary: 'Opens a session and answers with its key.',
  source: 'REST API Reference 9.x, auth/login; measured refusals of 10.4',
  params: { username: optional, password: optional, cookie: flag(false) },
  unknown: 'ignore',
  anonymous: true,
  handle({ args, settings, sessions, port, secure }): DocumentAnswer {
    // Fields that are there but empty are a failed login; splunklib tells the two apart.
    if (args.username === undefined || args.password === undefined) throw failed(400)
    const account = findAccount(settings.accounts, args.username, args.password)
    if (!account) throw failed(401)
    const key = sessions.open(account)
    const cookie = { name: `splunkd_${port}`, value: key }
    return {
      status: 200,
      headers: args.cookie ? { 'Set-Cookie': setCookie(cookie, settings.sessionSeconds, secure) } : {},
      xml: () => responseElement(`<sessionKey>${key}</sessionKey>`, messagesElement([])),
      json: () => ({ sessionKey: key, message: '', code: '' }),
    }
  },
})
