using CortexMl.Survey;

// FOLDER [--limit N]: a row for every model file in it, measured on labelled data where ../shared/data holds some (the first N samples).
// --cases FOLDER: ONNX's one-operator cases, a row for each operator. --model FILE [--limit N]: one row as JSON, in a process of its own.
// --float-speed FILE…: the portable float engine beside ONNX Runtime, one thread each, measured in turn.
// Exit code 0: nothing failed (a model that is refused with a reason did not fail), 1: something did, 2: wrong usage.
return args switch
{
    [var folder] when Directory.Exists(folder) => NetworkTable.Write(folder, null, Console.Out) ? 0 : 1,
    [var folder, "--limit", var limit] when Directory.Exists(folder) && int.TryParse(limit, out int n) && n > 0 =>
        NetworkTable.Write(folder, n, Console.Out) ? 0 : 1,
    ["--cases", var folder] when Directory.Exists(folder) => Cases(folder),
    ["--model", var file] => NetworkSurvey.Print(file, null),
    ["--model", var file, "--limit", var limit] when int.TryParse(limit, out int n) && n > 0 => NetworkSurvey.Print(file, n),
    ["--float-speed", .. var files] when files.Length > 0 => FloatTimes(files),
    _ => Usage(),
};

static int Cases(string folder)
{
    var results = OnnxCase.Find(folder).Select(c => c.Run()).ToList();
    CaseTable.Write(results, Console.Out);
    return results.Exists(r => r.Outcome == Outcome.Failed) ? 1 : 0;
}

static int FloatTimes(string[] files)
{
    FloatSpeed.Write(files, Console.Out);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: FOLDER [--limit N] | --cases FOLDER | --float-speed FILE…");
    return 2;
}
