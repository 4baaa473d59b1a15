export const empty = {
  'empty.agents.title': 'No agent has connected yet',
  'empty.agents.do':
    'Point one here: put these lines into pinpoint.config of the agent, add the options to the command line of your application and restart it. It shows up here by itself.',
  'empty.agents.config': 'pinpoint.config',
  'empty.agents.options': 'Java options',
  'empty.agents.host':
    'The address is the one that this page was opened with. If your application runs on another host, write an address of this one that it can reach; it calls itself {host}.',
  'empty.agents.reader':
    'This page is served by a process that only reads the store. Write the address of a collector that fills it, and its ports if they are not those of the settings here.',
  'empty.agents.debug': 'An agent that connects but stays invisible is explained at {link}.',
  'empty.agents.waiting': 'Waiting for the first agent…',
  'empty.choose.title': 'Choose an application',
  'empty.choose.do': 'The map shows who calls it and whom it calls.',
  'empty.map.title': 'No requests in this time range',
  'empty.map.do':
    '{application} was not called between {from} and {to}. Choose a longer range, or send it a request; with real time on it appears within seconds.',
  'empty.map.longer': 'Show the last {period}',
  'empty.application.title': '{application} is not known here',
  'empty.application.do':
    'No agent of that name and type has reported. Choose another application, or check profiler settings of the agent.',
  'empty.scatter': 'No requests in this range',
  'empty.transactions.title': 'No transactions in this rectangle',
  'empty.transactions.do': 'Go back to the chart and draw a larger one.',
  'empty.noSelection.title': 'Nothing is selected',
  'empty.noSelection.do': 'Draw a rectangle on the scatter chart of the server map to list its transactions here.',
  'empty.stat': 'Nothing was measured in this range',
  'empty.inspector.title': 'No agent of {application} ran in this range',
  'empty.inspector.do': 'Choose a longer or an earlier range.',
} as const
