/**
 * Keeps the SDK from saying that it will need a newer Node: on Node 20 each process would say it, and drown what matters.
 * Imported by what people start, before the SDK.
 */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
