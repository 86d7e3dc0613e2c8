namespace CortexMl.Runs;

/// <summary>What becomes of a key of the reference tool's configuration.</summary>
internal enum KeyFate
{
    /// <summary>It becomes members of the run file.</summary>
    Taken,

    /// <summary>The result does not depend on it here.</summary>
    Needless,

    /// <summary>A run file cannot say it: the result is another one.</summary>
    Lost,
}

/// <summary>One key of the reference tool's configuration.</summary>
/// <param name="Becomes">The members of the run file that it becomes, or why it is not needed or cannot be said.</param>
internal sealed record ReferenceKey(string Section, string Key, KeyFate Fate, string Becomes);

/// <summary>
/// Every key of the configuration of the reference tool (MRT of the CVM runtime, python/mrt/model_zoo/config.example.ini), in its order.
/// The table in src/CortexMl/Runs/README.md is this one.
/// </summary>
internal static class ReferenceKeys
{
    public const string Main = IniFile.Default, Prepare = "PREPARE", Split = "SPLIT_MODEL", Calibration = "CALIBRATION",
        Quantization = "QUANTIZATION", Merge = "MERGE_MODEL", Evaluation = "EVALUATION", Compilation = "COMPILATION";

    private const string SameOnEveryDevice = "the same bits come out on every device", NoCheckpoints = "a compilation is one step",
        NoLog = "--timing and --verbose tell more", Whole = "networks are compiled whole, detection with its boxes too";

    public static IReadOnlyList<ReferenceKey> All { get; } =
    [
        new(Main, "Model_dir", KeyFate.Taken, "model, params"),
        new(Main, "Model_name", KeyFate.Taken, "model, params, output"),
        new(Main, "Device_type", KeyFate.Needless, SameOnEveryDevice),
        new(Main, "Device_ids", KeyFate.Needless, SameOnEveryDevice),
        new(Main, "Verbosity", KeyFate.Needless, NoLog),
        new(Main, "Input_shape", KeyFate.Taken, "input"),
        new(Main, "Start", KeyFate.Needless, NoCheckpoints),
        new(Prepare, "Dump", KeyFate.Needless, NoCheckpoints),
        new(Split, "Keys", KeyFate.Lost, Whole),
        new(Split, "Dump", KeyFate.Needless, NoCheckpoints),
        new(Calibration, "Dataset", KeyFate.Taken, "data, labels, and the preparation that the reference tool gives these data"),
        new(Calibration, "Dataset_dir", KeyFate.Taken, "data, labels"),
        new(Calibration, "Batch", KeyFate.Taken, "samples (times Calibrate_num)"),
        new(Calibration, "Calibrate_num", KeyFate.Taken, "samples (times Batch)"),
        new(Calibration, "Lambda", KeyFate.Taken, "passes: calibrate{method=mean-std}"),
        new(Calibration, "Device_type", KeyFate.Needless, SameOnEveryDevice),
        new(Calibration, "Device_ids", KeyFate.Needless, SameOnEveryDevice),
        new(Calibration, "Dump", KeyFate.Needless, NoCheckpoints),
        new(Quantization, "Input_precision", KeyFate.Taken, "inputPrecision"),
        new(Quantization, "Output_precision", KeyFate.Taken, "outputPrecision"),
        new(Quantization, "Device_type", KeyFate.Needless, SameOnEveryDevice),
        new(Quantization, "Device_ids", KeyFate.Needless, SameOnEveryDevice),
        new(Quantization, "Softmax_lambd", KeyFate.Lost, "a softmax is a table over what its inputs reach"),
        new(Quantization, "Shift_bits", KeyFate.Lost, "each requantization has the shift that its proof allows"),
        new(Quantization, "Thresholds", KeyFate.Lost, "thresholds stand in the scheme, under the names of model.scheme.json"),
        new(Quantization, "Restore_name", KeyFate.Taken, "restore"),
        new(Quantization, "Dump", KeyFate.Needless, NoCheckpoints),
        new(Merge, "Attribute_deps", KeyFate.Lost, Whole),
        new(Merge, "Oscale_maps", KeyFate.Lost, Whole),
        new(Merge, "Dump", KeyFate.Needless, NoCheckpoints),
        new(Evaluation, "Batch", KeyFate.Taken, "limit (times Iter_num)"),
        new(Evaluation, "Iter_num", KeyFate.Taken, "test, limit (times Batch)"),
        new(Evaluation, "Device_type", KeyFate.Needless, SameOnEveryDevice),
        new(Evaluation, "Device_ids", KeyFate.Needless, SameOnEveryDevice),
        new(Compilation, "Batch", KeyFate.Taken, "nothing: a model of the chain takes one sample"),
        new(Compilation, "Dump_dir", KeyFate.Taken, "output"),
    ];
}
