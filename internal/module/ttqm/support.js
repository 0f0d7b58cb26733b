'use strict'

// What scripts get: everything together.

const { ByteUtil, TopicUtil } = native.parts.bytes
const { publish, exit } = native.require('mqscript')

class CommonHelper {
  static exit() { exit() }
}

class UserScriptHelper {
  static publish(topic, message, opts) { return publish(topic, message, opts) }
}

class ChartHelper {}
tools.missing(ChartHelper, 'ChartHelper', 'setOption getChartViewUpdateData updateChartViewData')

const { FileUtil, FileHashType, EncryptUtil, CertUtil } = native.parts.files
const { TcpClient, TcpServer } = native.parts.tcp
const { WsClient, WsServer } = native.parts.ws

module.exports = {
  ByteUtil, CertUtil, ChartHelper, CommonHelper, EncryptUtil, FileHashType, FileUtil, TcpClient, TcpServer,
  TimeUtil: native.parts.time.TimeUtil, TopicUtil, UserScriptHelper, WsClient, WsServer,
}
