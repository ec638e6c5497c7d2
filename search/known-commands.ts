/**
 * Names of commands that Splunk has. One without a definition here is refused as not supported, which is another answer than unknown.
 * @source Search Reference 9.x, "Search commands by category"; searchbnf.conf
 */
export const KNOWN_COMMANDS: ReadonlySet<string> = new Set(
  `abstract accum addcoltotals addinfo addtotals analyzefields anomalies anomalousvalue anomalydetection append appendcols appendpipe arules
  associate audit autoregress bin bucket discretize bucketdir chart cluster cofilter collect concurrency contingency counttable ctable convert
  correlate createrss datamodel dbinspect dedup delete delta diff dump erex eval eventcount eventstats extract kv federate fieldformat fields
  fieldsummary filldown fillnull findkeywords findtypes folderize foreach format from fromjson gauge gentimes geom geomfilter geostats head
  highlight history iconify inputcsv inputlookup iplocation join kmeans kvform loadjob localize localop lookup makecontinuous makemv makeresults
  map mcatalog mcollect metadata metasearch meventcollect mpreview msearch mrollup mstats multikv multisearch mvcombine mvexpand nokv nomv noop
  outlier outputcsv outputlookup outputraw outputtext overlap pivot predict prjob rangemap rare redistribute regex reltime rename replace
  require rest return reverse rex rtorder run savedsearch script scrub search searchtxn selfjoin sendalert sendemail set setfields sichart sirare
  sistats sitimechart sitop sort spath stats strcat streamstats surrounding table tags tail timechart timewrap tojson top transaction transpose
  trendline tscollect tstats typeahead typelearner typer union uniq untable walklex where x11 xmlkv xmlunescape xpath xyseries maketable`
    .split(/\s+/)
    .filter(Boolean),
)
