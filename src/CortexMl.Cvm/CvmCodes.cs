namespace CortexMl.Cvm;

/// <summary>Codes of findings about CVM files (CML04xx).</summary>
public static class CvmCodes
{
    /// <summary><c>symbol</c> is not JSON as the runtime reads it.</summary>
    public const string Syntax = "CML0401";

    /// <summary><c>symbol</c> lacks a part, or a part has the wrong form.</summary>
    public const string Schema = "CML0402";

    /// <summary><c>symbol</c> has a key that the runtime does not know.</summary>
    public const string UnknownKey = "CML0403";

    /// <summary>Unknown version.</summary>
    public const string Version = "CML0404";

    /// <summary><c>arg_nodes</c> is not the list of variables.</summary>
    public const string ArgNodes = "CML0405";

    /// <summary><c>node_row_ptr</c> does not match the nodes.</summary>
    public const string RowPointers = "CML0406";

    /// <summary>A reference names no earlier entry.</summary>
    public const string EntryReference = "CML0407";

    /// <summary>Two variables have the same name.</summary>
    public const string DuplicateName = "CML0408";

    /// <summary>A graph attribute has the wrong number of elements.</summary>
    public const string ListLength = "CML0409";

    /// <summary>Unknown operator.</summary>
    public const string UnknownOperator = "CML0410";

    /// <summary>Operator attribute unknown, missing or malformed.</summary>
    public const string OperatorAttribute = "CML0411";

    /// <summary>Wrong number of inputs.</summary>
    public const string Arity = "CML0412";

    /// <summary>Shapes or attributes do not fit the operator.</summary>
    public const string ShapeRule = "CML0413";

    /// <summary>Recorded shape is not what the operator gives.</summary>
    public const string ShapeMismatch = "CML0414";

    /// <summary>Precisions do not fit the operator.</summary>
    public const string PrecisionRule = "CML0415";

    /// <summary>An output shares storage with an input.</summary>
    public const string StorageConflict = "CML0416";

    /// <summary>A value of a graph attribute is out of range.</summary>
    public const string Limit = "CML0417";

    /// <summary>Element type other than int32.</summary>
    public const string ElementKind = "CML0418";

    /// <summary>Operator name without a kernel.</summary>
    public const string NoKernel = "CML0419";

    /// <summary>More than 2^32 bytes of storage.</summary>
    public const string StorageLimit = "CML0420";

    /// <summary>No outputs, or an output that does not exist.</summary>
    public const string NoHeads = "CML0421";

    /// <summary>No variable named <c>data</c>.</summary>
    public const string NoData = "CML0422";

    /// <summary>Further findings left out.</summary>
    public const string MoreFindings = "CML0423";

    /// <summary>Not a params file.</summary>
    public const string ParamsMagic = "CML0430";

    /// <summary><c>params</c> ends too early.</summary>
    public const string ParamsTruncated = "CML0431";

    /// <summary>Malformed tensor header.</summary>
    public const string ParamsTensor = "CML0432";

    /// <summary>Parameter of unknown name.</summary>
    public const string ParamsName = "CML0433";

    /// <summary>Parameter of an element type that is not int8 or int32.</summary>
    public const string ParamsType = "CML0434";

    /// <summary>Parameter shape is not the variable's.</summary>
    public const string ParamsShape = "CML0435";

    /// <summary>Parameter element outside its precision.</summary>
    public const string ParamsRange = "CML0436";

    /// <summary>Parameter missing.</summary>
    public const string ParamsMissing = "CML0437";

    /// <summary>Parameters exceed the memory limit.</summary>
    public const string Memory = "CML0438";

    /// <summary>Gas limit exceeded.</summary>
    public const string GasLimit = "CML0440";

    /// <summary>Input of the wrong length.</summary>
    public const string InputLength = "CML0441";

    /// <summary>Every inference fails: the runtime takes another entry's shape for the input's.</summary>
    public const string InputShape = "CML0442";

    /// <summary>Every inference fails: the outputs do not suit the post-processing.</summary>
    public const string OutputHeads = "CML0443";

    /// <summary>Graph cannot be written as a CVM model.</summary>
    public const string NotEmittable = "CML0450";

    /// <summary><c>data</c> is not node 0.</summary>
    public const string DataNotFirst = "CML0460";

    /// <summary><c>postprocess</c> longer than 31 characters.</summary>
    public const string PostprocessLength = "CML0461";

    /// <summary><c>node_row_ptr</c> or <c>arg_nodes</c> missing.</summary>
    public const string IncompleteTables = "CML0462";

    /// <summary>Storage plan overwrites live values.</summary>
    public const string AliasedStorage = "CML0463";

    /// <summary><c>argmax</c> over outputs of more than one row.</summary>
    public const string ArgMaxRows = "CML0464";

    /// <summary>Convolution too large for the reference's working buffer.</summary>
    public const string WorkBuffer = "CML0465";
}
