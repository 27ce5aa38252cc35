import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { AwsError } from '../protocol/aws-error.ts'
import { escapeXml } from './xml.ts'

const requestIds = (() => {
  let count = 0
  return () => (count += 1).toString(16).toUpperCase().padStart(16, '0')
})()

/** Headers of every answer. Node adds Date, which is S3's clock. */
export function answerHeaders(headers: OutgoingHttpHeaders = {}): OutgoingHttpHeaders {
  return { 'x-amz-request-id': requestIds(), Server: 'AmazonS3', ...headers }
}

export function sendEmpty(response: ServerResponse, status: number, headers?: OutgoingHttpHeaders): void {
  const length = status === 204 || status === 304 ? {} : { 'Content-Length': 0 }
  response.writeHead(status, answerHeaders({ ...length, ...headers }))
  response.end()
}

/** @param body without the XML declaration */
export function sendXml(
  response: ServerResponse,
  status: number,
  body: string,
  headers?: OutgoingHttpHeaders,
): void {
  const bytes = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`)
  response.writeHead(
    status,
    answerHeaders({ ...headers, 'Content-Type': 'application/xml', 'Content-Length': bytes.length }),
  )
  response.end(bytes)
}

/** An error in S3's shape. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function sendError(
  response: ServerResponse,
  error: AwsError,
  resource: string,
  isHead: boolean,
): void {
  if (isHead || error.status === 304) return sendEmpty(response, error.status)
  const { code, message } = error
  sendXml(
    response,
    error.status,
    `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message>` +
      `<Resource>${escapeXml(resource)}</Resource></Error>`,
  )
}
