using System.Collections.Frozen;

namespace CortexMl.Cvm;

/// <summary>Codes of findings about CVM files (CML04xx).</summary>
public static class CvmCodes
{
    public const string Syntax = "CML0401";
    public const string Schema = "CML0402";
    public const string UnknownKey = "CML0403";
    public const string Version = "CML0404";
    public const string ArgNodes = "CML0405";
    public const string RowPointers = "CML0406";
    public const string EntryReference = "CML0407";
    public const string DuplicateName = "CML0408";
    public const string ListLength = "CML0409";
    public const string UnknownOperator = "CML0410";
    public const string OperatorAttribute = "CML0411";
    public const string Arity = "CML0412";
    public const string ShapeRule = "CML0413";
    public const string ShapeMismatch = "CML0414";
    public const string PrecisionRule = "CML0415";
    public const string StorageConflict = "CML0416";
    public const string Limit = "CML0417";
    public const string ElementKind = "CML0418";
    public const string NoKernel = "CML0419";
    public const string StorageLimit = "CML0420";
    public const string NoHeads = "CML0421";
    public const string NoData = "CML0422";
    public const string MoreFindings = "CML0423";

    public const string ParamsMagic = "CML0430";
    public const string ParamsTruncated = "CML0431";
    public const string ParamsTensor = "CML0432";
    public const string ParamsName = "CML0433";
    public const string ParamsType = "CML0434";
    public const string ParamsShape = "CML0435";
    public const string ParamsRange = "CML0436";
    public const string ParamsMissing = "CML0437";
    public const string Memory = "CML0438";

    public const string GasLimit = "CML0440";
    public const string InputLength = "CML0441";
    public const string InputShape = "CML0442";
    public const string OutputHeads = "CML0443";

    public const string NotEmittable = "CML0450";

    public const string DataNotFirst = "CML0460";
    public const string PostprocessLength = "CML0461";
    public const string IncompleteTables = "CML0462";
    public const string AliasedStorage = "CML0463";
    public const string ArgMaxRows = "CML0464";
    public const string WorkBuffer = "CML0465";

    /// <summary>What each code is about, in a few words.</summary>
    public static FrozenDictionary<string, string> Titles { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Syntax] = "symbol is not JSON as the runtime reads it",
        [Schema] = "symbol lacks a part, or a part has the wrong form",
        [UnknownKey] = "symbol has a key that the runtime does not know",
        [Version] = "unknown version",
        [ArgNodes] = "arg_nodes is not the list of variables",
        [RowPointers] = "node_row_ptr does not match the nodes",
        [EntryReference] = "a reference names no earlier entry",
        [DuplicateName] = "two variables have the same name",
        [ListLength] = "a graph attribute has the wrong number of elements",
        [UnknownOperator] = "unknown operator",
        [OperatorAttribute] = "operator attribute unknown, missing or malformed",
        [Arity] = "wrong number of inputs",
        [ShapeRule] = "shapes or attributes do not fit the operator",
        [ShapeMismatch] = "recorded shape is not what the operator gives",
        [PrecisionRule] = "precisions do not fit the operator",
        [StorageConflict] = "an output shares storage with an input",
        [Limit] = "a value of a graph attribute is out of range",
        [ElementKind] = "element type other than int32",
        [NoKernel] = "operator name without a kernel",
        [StorageLimit] = "more than 2^32 bytes of storage",
        [NoHeads] = "no outputs, or an output that does not exist",
        [NoData] = "no variable named data",
        [MoreFindings] = "further findings left out",
        [ParamsMagic] = "not a params file",
        [ParamsTruncated] = "params ends too early",
        [ParamsTensor] = "malformed tensor header",
        [ParamsName] = "parameter of unknown name",
        [ParamsType] = "parameter of an element type that is not int8 or int32",
        [ParamsShape] = "parameter shape is not the variable's",
        [ParamsRange] = "parameter element outside its precision",
        [ParamsMissing] = "parameter missing",
        [Memory] = "parameters exceed the memory limit",
        [GasLimit] = "gas limit exceeded",
        [InputLength] = "input of the wrong length",
        [InputShape] = "every inference fails: the runtime takes another entry's shape for the input's",
        [OutputHeads] = "every inference fails: the outputs do not suit the post-processing",
        [NotEmittable] = "graph cannot be written as a CVM model",
        [DataNotFirst] = "data is not node 0",
        [PostprocessLength] = "postprocess longer than 31 characters",
        [IncompleteTables] = "node_row_ptr or arg_nodes missing",
        [AliasedStorage] = "storage plan overwrites live values",
        [WorkBuffer] = "convolution too large for the reference's working buffer",
        [ArgMaxRows] = "argmax over outputs of more than one row",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
